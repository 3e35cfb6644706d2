// What ImageJ sees in images: a line of numbers and calibration for each file, and all its values in FILE.values.
//
//     java -Djava.awt.headless=true -cp /usr/share/java/ij.jar ReadImages.java FILE...
import ij.IJ;
import ij.ImagePlus;
import ij.measure.Calibration;
import ij.process.ImageProcessor;
import java.io.*;
import java.util.Locale;

public class ReadImages {
    public static void main(String[] files) throws IOException {
        for (String file : files) {
            ImagePlus image = IJ.openImage(file);
            Calibration calibration = image.getCalibration();
            System.out.println(String.format(Locale.ROOT, "%d %d %d %d %d %s %s %s %s %s", image.getWidth(),
                image.getHeight(), image.getNChannels(), image.getNSlices(), image.getNFrames(),
                calibration.pixelWidth, calibration.pixelHeight, calibration.pixelDepth,
                calibration.getUnit(), image.getDisplayRangeMax() > image.getDisplayRangeMin()));
            try (DataOutputStream values = new DataOutputStream(
                     new BufferedOutputStream(new FileOutputStream(file + ".values")))) {
                for (int slice = 1; slice <= image.getStackSize(); slice++) {
                    ImageProcessor plane = image.getStack().getProcessor(slice);
                    for (int i = 0; i < plane.getPixelCount(); i++) values.writeFloat(plane.getf(i));
                }
            }
        }
    }
}
